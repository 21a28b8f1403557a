package io.tidewatch.api.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The settings that a component works with, across changes of its configuration: a configuration with a mistake is
 * remembered as rejected, and the last one without stays in force.
 *
 * <p>Safe for use by several threads: one offers, others read.
 *
 * @param <T> the settings, immutable
 */
public final class LastGood<T> {
    private record State<T>(T inForce, boolean good, List<InvalidSettingException> rejected) {}

    private volatile State<T> state;

    /**
     * @param reading reads all settings, each by way of the given reader; a first configuration with a mistake is in
     *     force with the fallbacks in the places of the mistakes
     */
    public LastGood(Function<SettingReader, T> reading) {
        List<InvalidSettingException> problems = new ArrayList<>();
        T read = reading.apply(new SettingReader(problems));
        state = new State<>(read, problems.isEmpty(), List.copyOf(problems));
    }

    /** A new configuration: in force from now on, unless it has a mistake and there was one without. */
    public synchronized void offer(Function<SettingReader, T> reading) {
        List<InvalidSettingException> problems = new ArrayList<>();
        T read = reading.apply(new SettingReader(problems));
        boolean good = problems.isEmpty();
        boolean keep = !good && state.good();
        state = new State<>(keep ? state.inForce() : read, good || keep, List.copyOf(problems));
    }

    /** The settings to work with. */
    public T inForce() {
        return state.inForce();
    }

    /** What is wrong with the newest configuration, in the order of reading; empty if it is in force. */
    public List<InvalidSettingException> rejected() {
        return state.rejected();
    }
}
