package io.millrace.server.config;

import io.millrace.server.config.Setting.Given;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** A file of options in the format of {@link Properties}, UTF-8, its keys those of the command line without the hyphens. */
final class PropertiesFile {
    /** No file. */
    static final PropertiesFile NONE = new PropertiesFile("", new Properties());

    private final String name;
    private final Properties properties;

    private PropertiesFile(final String name, final Properties properties) {
        this.name = name;
        this.properties = properties;
    }

    /**
     * Reads a file.
     *
     * @param origin the option that named it, for errors
     * @param known all keys that it may hold
     */
    static PropertiesFile read(final String origin, final String file, final Set<String> known) {
        final Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        } catch (final NoSuchFileException e) {
            throw new ConfigException(
                    origin + "=" + file + ": there is no such file: give the path of a properties file");
        } catch (final IOException | InvalidPathException e) {
            throw new ConfigException(origin + "=" + file + ": cannot be read (" + e
                    + "): give the path of a properties file in UTF-8 that this user may read");
        } catch (final IllegalArgumentException e) {
            throw new ConfigException(origin + "=" + file + ": not a properties file: " + e.getMessage());
        }
        for (final String key : properties.stringPropertyNames()) {
            if (!known.contains(key)) {
                throw new ConfigException("unknown key '" + key + "' in " + file + NearestName.hint(key, known)
                        + "; 'millrace run --help' lists the options; a key is an option without its hyphens");
            }
        }
        return new PropertiesFile(file, properties);
    }

    Optional<Given> get(final String key) {
        return Optional.ofNullable(properties.getProperty(key))
                .map(text -> new Given(key + " in " + name, text.strip()));
    }
}
