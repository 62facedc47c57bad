package io.millrace.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the bytes that a server sent into replies, and refuses what is left over. */
public final class ReplyReader {
    private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: (\\d+)\r\n");

    private ReplyReader() {}

    /**
     * Reads all replies.
     *
     * @param heads how many of the first replies are to HEAD and have no body
     */
    public static List<String> read(final String bytes, final int heads) {
        final List<String> replies = new ArrayList<>();
        int from = 0;
        int bodiless = heads;
        while (from < bytes.length()) {
            final int headEnd = bytes.indexOf("\r\n\r\n", from);
            if (headEnd < 0 || !bytes.startsWith("HTTP/1.1 ", from)) {
                throw new AssertionError("no reply: " + bytes.substring(from));
            }
            final Matcher length = LENGTH.matcher(bytes.substring(from, headEnd + 2));
            int end = headEnd + 4;
            if (bodiless-- <= 0 && length.find()) {
                end += Integer.parseInt(length.group(1));
            }
            if (end > bytes.length()) {
                throw new AssertionError("reply cut off: " + bytes.substring(from));
            }
            replies.add(bytes.substring(from, end));
            from = end;
        }
        return replies;
    }

    /** The statuses, and {@code close} if the last reply says so. */
    public static String summary(final List<String> replies) {
        final List<String> words = new ArrayList<>();
        for (final String reply : replies) {
            words.add(reply.substring(9, 12));
        }
        if (!replies.isEmpty() && replies.get(replies.size() - 1).contains("\r\nConnection: close\r\n")) {
            words.add("close");
        }
        return String.join(" ", words);
    }
}
