package io.tidewatch.api.config;

import io.tidewatch.api.health.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
    private record State<T>(T inForce, boolean good, List<InvalidSettingException> rejected) {
        /** The state after another configuration. */
        State<T> after(Function<SettingReader, T> reading) {
            State<T> next = of(reading);
            return good && !next.good ? new State<>(inForce, true, next.rejected) : next;
        }

        static <T> State<T> of(Function<SettingReader, T> reading) {
            List<InvalidSettingException> problems = new ArrayList<>();
            T read = reading.apply(new SettingReader(problems));
            return new State<>(read, problems.isEmpty(), List.copyOf(problems));
        }
    }

    private final String file;
    private final Consumer<String> errors;
    private volatile State<T> state;

    private LastGood(String file, Consumer<String> errors, State<T> state) {
        this.file = file;
        this.errors = errors;
        this.state = state;
        report();
    }

    /**
     * @param reading reads all settings, each by way of the given reader; a first configuration with a mistake is in
     *     force with the fallbacks in the places of the mistakes
     */
    public LastGood(Function<SettingReader, T> reading) {
        this("", problem -> {}, State.of(reading));
    }

    /**
     * The settings of a component that logs what is wrong with them.
     *
     * @param pid the PID, by which the sentences name the file
     * @param errors gets a sentence for each mistake of each configuration
     * @param reading reads all settings, as above
     */
    public LastGood(String pid, Consumer<String> errors, Function<SettingReader, T> reading) {
        this(pid + ".cfg", errors, State.of(reading));
    }

    /** Returns the settings before any configuration; the first one replaces them even with a mistake. */
    public static <T> LastGood<T> before(T defaults) {
        return new LastGood<>("", problem -> {}, new State<>(defaults, false, List.of()));
    }

    /**
     * A new configuration: in force from now on, unless it has a mistake and there was one without.
     *
     * @return whether it is in force
     */
    public synchronized boolean offer(Function<SettingReader, T> reading) {
        state = state.after(reading);
        report();
        return !isKept(state);
    }

    private static boolean isKept(State<?> now) {
        return now.good() && !now.rejected().isEmpty();
    }

    private void report() {
        State<T> now = state;
        String inForce = isKept(now) ? "the configuration before" : "the default";
        for (InvalidSettingException problem : now.rejected()) {
            errors.accept(file + ": " + problem.getMessage() + "; " + inForce + " stays in force");
        }
    }

    /** The settings to work with. */
    public T inForce() {
        return state.inForce();
    }

    /** Whether the settings to work with are of a configuration without a mistake. */
    public boolean isGood() {
        return state.good();
    }

    /** What is wrong with the newest configuration, in the order of reading; empty if it is in force. */
    public List<InvalidSettingException> rejected() {
        return state.rejected();
    }

    /** What is wrong with the newest configuration, as sentences. */
    public List<String> problems() {
        return rejected().stream().map(InvalidSettingException::getMessage).toList();
    }

    /** Returns the health of the component, degraded at least while its newest configuration is rejected. */
    public Health on(Health health) {
        return health.toFix(file, problems());
    }
}
