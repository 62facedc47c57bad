package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The origins whose scripts may read the replies of this port. It keeps nobody from sending: that a page may not read a
 * reply is up to the browser.
 *
 * <p>Immutable. Looking an origin up allocates nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6454#section-6.2">RFC 6454, 6.2: what an Origin looks like</a>
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch standard: CORS protocol</a>
 */
public final class CorsPolicy {
    /** Stands for every origin. */
    public static final String ANY_ORIGIN = "*";

    /** Every origin may read. */
    public static final CorsPolicy ANY = new CorsPolicy(List.of(ANY_ORIGIN));

    /** A longer Origin than any browser sends is not allowed, whatever it is. */
    static final int MAX_ORIGIN_BYTES = 512;

    private static final String SCHEME_END = "://";

    private final List<String> origins;
    private final boolean any;
    private final byte[][] exact;
    private final byte[][] schemes;
    private final byte[][] domains;

    private CorsPolicy(final List<String> origins) {
        this.origins = List.copyOf(origins);
        any = origins.contains(ANY_ORIGIN);
        final List<byte[]> exactOrigins = new ArrayList<>();
        final List<byte[]> wildcardSchemes = new ArrayList<>();
        final List<byte[]> wildcardDomains = new ArrayList<>();
        for (final String origin : origins) {
            final int star = origin.indexOf('*');
            if (star < 0) {
                exactOrigins.add(origin.getBytes(US_ASCII));
            } else if (star > 0) {
                wildcardSchemes.add(origin.substring(0, star).getBytes(US_ASCII));
                wildcardDomains.add(origin.substring(star + 1).getBytes(US_ASCII));
            }
        }
        exact = exactOrigins.toArray(byte[][]::new);
        schemes = wildcardSchemes.toArray(byte[][]::new);
        domains = wildcardDomains.toArray(byte[][]::new);
    }

    /**
     * Allows these origins.
     *
     * @param origins {@code *} alone; or origins as browsers send them, {@code null} among them; or with {@code *.} in front
     *     of the host, which stands for every name below it, at any depth, but not for the host itself
     * @throws IllegalArgumentException if {@code *} is not alone, or an origin names the port that its scheme implies, and
     *     so can never be sent; the message is a clause
     */
    public static CorsPolicy of(final List<String> origins) {
        if (origins.size() > 1 && origins.contains(ANY_ORIGIN)) {
            throw new IllegalArgumentException("* allows every origin: leave it out, or the others");
        }
        for (final String origin : origins) {
            final String scheme = origin.substring(0, Math.max(0, origin.indexOf(SCHEME_END)));
            if (("http".equals(scheme) && origin.endsWith(":80"))
                    || ("https".equals(scheme) && origin.endsWith(":443"))) {
                throw new IllegalArgumentException("browsers leave out the port that " + scheme + " implies: write "
                        + origin.substring(0, origin.lastIndexOf(':')));
            }
        }
        return new CorsPolicy(origins);
    }

    /** Whether this origin, the bytes of the field as they came, may read the reply. */
    boolean allows(final DirectBuffer buffer, final int offset, final int length) {
        if (length > MAX_ORIGIN_BYTES) {
            return false;
        }
        return any || isListed(buffer, offset, length) || isBelowListed(buffer, offset, length);
    }

    private boolean isListed(final DirectBuffer buffer, final int offset, final int length) {
        for (final byte[] origin : exact) {
            if (HttpBytes.equals(buffer, offset, length, origin)) {
                return true;
            }
        }
        return false;
    }

    private boolean isBelowListed(final DirectBuffer buffer, final int offset, final int length) {
        for (int i = 0; i < schemes.length; i++) {
            final int from = offset + schemes[i].length;
            final int to = offset + length - domains[i].length;
            if (from < to
                    && HttpBytes.equals(buffer, offset, schemes[i].length, schemes[i])
                    && HttpBytes.equals(buffer, to, domains[i].length, domains[i])
                    && isName(buffer, from, to)) {
                return true;
            }
        }
        return false;
    }

    /** Nothing but a host's name: no user, port or path that would make the domain behind it part of something else. */
    private static boolean isName(final DirectBuffer buffer, final int from, final int to) {
        for (int i = from; i < to; i++) {
            final byte b = buffer.getByte(i);
            if ((b < 'a' || b > 'z') && !HttpBytes.isDigit(b) && b != '-' && b != '.' && b != '_') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return String.join(",", origins);
    }
}
