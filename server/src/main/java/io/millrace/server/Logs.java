package io.millrace.server;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.millrace.server.config.LogFormat;
import org.slf4j.LoggerFactory;

/**
 * The log, on standard error: a line an event of note. Whoever meets a store that is away says so once, and once more when it
 * is back. {@code logback.xml} has the text; this has the objects. Stateless.
 */
final class Logs {
    private Logs() {}

    /** Writes in a format from now on. */
    static void use(final LogFormat format) {
        if (format == LogFormat.TEXT) {
            return;
        }
        final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        final ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
        final JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        appender.setEncoder(encoder);
    }
}
