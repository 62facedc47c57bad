package io.millrace.server.config;

/** On or off; on the command line the name alone means on. */
record SwitchFormat() implements Format<Boolean> {
    static final String ON = "true";

    @Override
    public Boolean parse(final String text) {
        return switch (text) {
            case ON -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be " + bounds());
        };
    }

    @Override
    public String label() {
        return "true|false";
    }

    @Override
    public String bounds() {
        return "true or false; the name alone means true";
    }
}
