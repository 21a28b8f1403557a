package io.tidewatch.api.config;

import java.util.List;

/**
 * Reads the settings of a component one after the other and collects what is wrong with them, so that an operator learns
 * of every mistake at once.
 *
 * <pre>{@code
 * List<InvalidSettingException> problems = new ArrayList<>();
 * SettingReader reader = new SettingReader(problems);
 * Duration interval = reader.read("interval", config.interval(), Setting::duration, Duration.ofSeconds(30));
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class SettingReader {
    /**
     * Understands a value: one of the methods of {@link Setting}, or one like them.
     *
     * @param <T> what it makes of the text
     */
    @FunctionalInterface
    public interface Parser<T> {
        /** @throws InvalidSettingException if the value is not accepted */
        T parse(String key, String value);
    }

    private final List<InvalidSettingException> problems;

    /** @param problems gets what is wrong, in the order of reading */
    public SettingReader(List<InvalidSettingException> problems) {
        this.problems = problems;
    }

    /** What the parser makes of the value; the fallback if it does not accept it. */
    public <T> T read(String key, String value, Parser<T> parser, T fallback) {
        try {
            return parser.parse(key, value);
        } catch (InvalidSettingException e) {
            problems.add(e);
            return fallback;
        }
    }
}
