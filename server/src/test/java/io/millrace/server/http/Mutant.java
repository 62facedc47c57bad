package io.millrace.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The server's classes with another form of one of them: its source is changed and compiled, and all of the server's classes, those
 * of its tests included, are loaded anew around it.
 */
final class Mutant extends ClassLoader {
    private static final String OWN = "io.millrace.server.";
    private static final Path SOURCES = Path.of("src", "main", "java");

    private final Path compiled;

    /**
     * Compiles a class of the parser's package in another form.
     *
     * @param change from its source to what is compiled
     * @param folder for what it comes to
     */
    Mutant(final String className, final UnaryOperator<String> change, final Path folder) throws IOException {
        super(Mutant.class.getClassLoader());
        compiled = Files.createDirectories(folder.resolve("classes"));
        final String name = Mutant.class.getPackageName().replace('.', '/') + "/" + className + ".java";
        final Path changed = folder.resolve(className + ".java");
        Files.writeString(changed, change.apply(Files.readString(SOURCES.resolve(name))));
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final int failed = compiler.run(
                null,
                null,
                null,
                "-nowarn",
                "-proc:none",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                compiled.toString(),
                changed.toString());
        if (failed != 0) {
            throw new IllegalStateException("the compiler refused " + changed);
        }
    }

    /**
     * Lets {@link Watch} look for the bug.
     *
     * @throws InvocationTargetException if it is noticed, with what was seen
     */
    void watch(final String check, final Path folder) throws ReflectiveOperationException {
        final Class<?> watch = loadClass(Watch.class.getName());
        final Constructor<?> constructor = watch.getDeclaredConstructor(Path.class);
        final Method method = watch.getDeclaredMethod(check);
        constructor.setAccessible(true);
        method.setAccessible(true);
        method.invoke(constructor.newInstance(folder));
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            final Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(final String name) throws ClassNotFoundException {
        final String file = name.replace('.', '/') + ".class";
        try (InputStream in = open(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            final byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (final IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private InputStream open(final String file) throws IOException {
        final Path changed = compiled.resolve(file);
        return Files.exists(changed)
                ? Files.newInputStream(changed)
                : getParent().getResourceAsStream(file);
    }
}
