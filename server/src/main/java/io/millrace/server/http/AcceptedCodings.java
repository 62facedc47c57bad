package io.millrace.server.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client says of content codings in Accept-Encoding. Stateless; allocates.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3">RFC 9110, 12.5.3</a>
 */
public final class AcceptedCodings {
    /** A coding or an asterisk; then, perhaps, its weight. Possessive: nothing that a client sends is looked at twice. */
    private static final Pattern ITEM = Pattern.compile("([^\\s;]++)(?:\\s*+;\\s*+[qQ]=([01](?:\\.[0-9]{0,3})?+))?+");

    private AcceptedCodings() {}

    /**
     * Whether a reply may come in gzip: named, or meant by the asterisk, with a weight above zero.
     *
     * @param list the field's value; empty if there is none, which leaves only a reply as it is
     */
    public static boolean includeGzip(final String list) {
        boolean any = false;
        for (final String text : list.split(",", -1)) {
            final Matcher item = ITEM.matcher(text.strip());
            if (item.matches()) {
                final String coding = item.group(1);
                final boolean accepted = item.group(2) == null || Double.parseDouble(item.group(2)) > 0;
                if ("gzip".equalsIgnoreCase(coding) || "x-gzip".equalsIgnoreCase(coding)) {
                    return accepted;
                }
                any |= "*".equals(coding) && accepted;
            }
        }
        return any;
    }
}
