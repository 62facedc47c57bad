package io.millrace.server.admin.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Locale;

/** The forms in which a table can be had. */
public enum ReplyFormat {
    JSON("application", "json"),
    CSV("text", "csv");

    /** The parameter that goes before what {@code Accept} says. */
    public static final String PARAMETER = "format";

    private final String type;
    private final String subtype;

    ReplyFormat(final String type, final String subtype) {
        this.type = type;
        this.subtype = subtype;
    }

    /**
     * The form that a request asks for: by {@code ?format=}, else by {@code Accept} (RFC 9110, 12.5.1); JSON if it does not say,
     * or takes neither.
     *
     * @throws AdminException if {@code format} is neither
     */
    public static ReplyFormat of(final Query query) throws AdminException {
        final String format = query.get(PARAMETER).orElse("");
        for (final ReplyFormat each : values()) {
            if (format.equals(each.subtype)) {
                return each;
            }
        }
        if (!format.isEmpty()) {
            throw AdminException.badParameter(PARAMETER, format, "must be json or csv");
        }
        final String accept = query.field(HttpHeaderNames.ACCEPT).toLowerCase(Locale.ROOT);
        return CSV.quality(accept) > JSON.quality(accept) ? CSV : JSON;
    }

    /** How much the sender of {@code Accept} likes this form: the weight of the most specific range that it is in. */
    private double quality(final String accept) {
        int specificity = 0;
        double quality = 0;
        for (final String range : accept.split(",", -1)) {
            final String[] parts = range.split(";", -1);
            final int matched = specificity(parts[0].strip());
            if (matched > specificity) {
                specificity = matched;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private int specificity(final String range) {
        if (range.equals(type + '/' + subtype)) {
            return 3;
        }
        return range.equals(type + "/*") ? 2 : range.equals("*/*") ? 1 : 0;
    }

    private static double weight(final String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            final String parameter = parts[i].strip();
            if (parameter.matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }
}
