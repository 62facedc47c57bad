package io.millrace.server.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client has, by If-None-Match. Stateless; allocates.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2">RFC 9110, 13.1.2</a>
 */
public final class EntityTags {
    /** RFC 9110, 8.8.3: the quotes belong to the tag. Whether it is weak does not matter to If-None-Match. */
    private static final Pattern TAG = Pattern.compile("\"[!\\x23-\\x7E\\x80-\\xFF]*\"");

    private EntityTags() {}

    /**
     * Whether one of the tags is this one, by the weak comparison, or an asterisk stands for all.
     *
     * @param list the field's value; empty if there is none
     * @param tag with its quotes
     */
    public static boolean include(final String list, final String tag) {
        if ("*".equals(list)) {
            return true;
        }
        final Matcher known = TAG.matcher(list);
        while (known.find()) {
            if (known.group().equals(tag)) {
                return true;
            }
        }
        return false;
    }
}
