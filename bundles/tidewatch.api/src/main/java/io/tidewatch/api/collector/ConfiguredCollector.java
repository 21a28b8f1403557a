package io.tidewatch.api.collector;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.LastGood;
import io.tidewatch.api.config.SettingReader;
import java.util.List;
import java.util.function.Function;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link ConfigurableCollector} with its settings across changes of the configuration: the last ones without a mistake.
 *
 * <pre>{@code
 * @Activate
 * public DiskCollector(Config config) {
 *     super(reader -> DiskSettings.read(config, reader));
 * }
 *
 * @Modified
 * void modified(Config config) {
 *     configure(reader -> DiskSettings.read(config, reader));
 * }
 * }</pre>
 *
 * @param <S> the settings, immutable
 */
@ConsumerType
public abstract class ConfiguredCollector<S> extends SourceCollector implements ConfigurableCollector {
    private final LastGood<S> settings;

    /** @param reading reads the first configuration, as {@link LastGood} has it */
    protected ConfiguredCollector(Function<SettingReader, S> reading) {
        settings = new LastGood<>(reading);
    }

    /** Takes a changed configuration, unless it has a mistake. */
    protected final void configure(Function<SettingReader, S> reading) {
        settings.offer(reading);
    }

    /** Returns the settings in force. May be called by any thread. */
    protected final S settings() {
        return settings.inForce();
    }

    @Override
    public final List<InvalidSettingException> rejectedSettings() {
        return settings.rejected();
    }
}
