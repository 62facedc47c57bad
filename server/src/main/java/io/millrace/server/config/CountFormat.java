package io.millrace.server.config;

/** A whole number. */
record CountFormat(int min, int max) implements Format<Integer> {
    private static final int MAX_DIGITS = 10;

    @Override
    public Integer parse(final String text) {
        if (!text.matches("-?[0-9]{1," + MAX_DIGITS + "}")) {
            throw new IllegalArgumentException("must be a whole number, " + bounds());
        }
        final long number = Long.parseLong(text);
        if (number < min || number > max) {
            throw new IllegalArgumentException("must be " + bounds());
        }
        return (int) number;
    }

    @Override
    public String label() {
        return "N";
    }

    @Override
    public String bounds() {
        return min + " to " + max;
    }
}
