package io.tidewatch.api.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Validates the values of a .cfg without running what they are for, by the same code that reads them there: a running agent
 * asks before it puts a changed file into force, {@code tidewatch --check} without any agent. What is refused never
 * reaches the component.
 *
 * <p>A bundle names its checks, public classes with a public constructor without parameters, in
 * {@code META-INF/services/io.tidewatch.api.config.ConfigurationCheck}, a line each. Such a class works without a
 * framework, a started bundle or a logger. It may be made several times and be called by several threads.
 *
 * <p>{@link SettingsCheck} is the short form for the file of one PID.
 */
@ConsumerType
public interface ConfigurationCheck {
    /**
     * Whether it validates the values of this PID. Several may validate those of one.
     *
     * @param pid the PID, of a factory without the name of the instance
     */
    boolean concerns(String pid);

    /** Keys of these PIDs besides those in the metatype of the bundle that owns the PID. */
    default Set<String> keys() {
        return Set.of();
    }

    /**
     * Reads all values.
     *
     * @param written the values as written; a key that is not written has its default
     * @param problems gets what is wrong, with the keys as written, in the order of reading
     */
    void check(WrittenSettings written, List<InvalidSettingException> problems);

    /** What is wrong with these values, in the order of reading; empty if they can be put into force. */
    default List<InvalidSettingException> problems(Map<String, String> values) {
        List<InvalidSettingException> problems = new ArrayList<>();
        check(new WrittenSettings(values), problems);
        return List.copyOf(problems);
    }
}
