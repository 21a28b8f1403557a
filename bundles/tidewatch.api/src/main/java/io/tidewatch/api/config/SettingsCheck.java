package io.tidewatch.api.config;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Validates the .cfg of one PID by the method that reads it for the component.
 *
 * <pre>{@code
 * public final class DiskCheck extends SettingsCheck<DiskCollector.Config> {
 *     public DiskCheck() {
 *         super("tidewatch.collector.disk", DiskCollector.Config.class, DiskSettings::read);
 *     }
 * }
 * }</pre>
 *
 * @param <C> the component property type with the keys of the file
 */
public abstract class SettingsCheck<C extends Annotation> implements ConfigurationCheck {
    private final String pid;
    private final Class<C> type;
    private final BiConsumer<C, SettingReader> reading;

    /**
     * @param pid the PID, of a factory without the name of the instance
     * @param type an annotation type whose methods all return a String
     * @param reading reads all settings, each by way of the given reader; what it makes of them is dropped
     */
    protected SettingsCheck(String pid, Class<C> type, BiConsumer<C, SettingReader> reading) {
        this.pid = pid;
        this.type = type;
        this.reading = reading;
    }

    @Override
    public final boolean concerns(String concerned) {
        return concerned.equals(pid);
    }

    @Override
    public final void check(WrittenSettings written, List<InvalidSettingException> problems) {
        reading.accept(written.as(type), new SettingReader(problems));
    }
}
