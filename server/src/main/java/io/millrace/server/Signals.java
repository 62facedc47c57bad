package io.millrace.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Handles the signals that ask a process to stop, or to read its files again. The JDK's own answer to SIGTERM ends with status 143 and cannot be hurried by
 * a second signal, so {@code sun.misc.Signal} takes its place, by reflection: naming it in the source is a warning that no flag
 * turns off.
 */
final class Signals {
    private static final String[] STOP = {"TERM", "INT"};
    private static final String RELOAD = "HUP";

    private Signals() {}

    /**
     * Runs {@code onSignal} for each SIGTERM and SIGINT from now on, on a thread of the JVM's.
     *
     * @param onSignal takes how many have come, beginning with 1
     */
    static void onStop(final IntConsumer onSignal) {
        on(onSignal, STOP);
    }

    /** Runs {@code onSignal} for each SIGHUP from now on, on a thread of the JVM's. Without it SIGHUP would end the process. */
    static void onReload(final Runnable onSignal) {
        on(signals -> onSignal.run(), RELOAD);
    }

    private static void on(final IntConsumer onSignal, final String... names) {
        try {
            final Class<?> signalType = Class.forName("sun.misc.Signal");
            final Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            final InvocationHandler counting = new Counting(onSignal);
            final Object handler =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, counting);
            for (final String name : names) {
                final Object signal = signalType.getConstructor(String.class).newInstance(name);
                signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
            }
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK does not let a program handle signals", e);
        }
    }

    /** The one method that matters is {@code handle(Signal)}; the rest are those of every object. */
    private static final class Counting implements InvocationHandler {
        private final IntConsumer onSignal;
        private int signals;

        Counting(final IntConsumer onSignal) {
            this.onSignal = onSignal;
        }

        @Override
        public synchronized Object invoke(final Object proxy, final Method method, final Object[] args) {
            return switch (method.getName()) {
                case "handle" -> {
                    signals++;
                    onSignal.accept(signals);
                    yield null;
                }
                case "equals" -> proxy == args[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "signals";
            };
        }
    }
}
