package io.tidewatch.api.collector;

import io.tidewatch.api.config.InvalidSettingException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A collector with settings of its own besides those of {@link CollectorProperties}, and a report of the values that it
 * cannot use. It continues with the last good ones; the scheduler logs the others and shows them in health, with the
 * name of the file. Registered as a service under {@link Collector}. {@link ConfiguredCollector} is the short form.
 */
@ConsumerType
public interface ConfigurableCollector extends Collector {
    /**
     * What is wrong with the newest configuration, in the order of its keys; empty if it is in force. Asked after every
     * change of the service's properties and before every pass. Returns at once; may be called from several threads, and
     * during {@link #collect()}.
     */
    List<InvalidSettingException> rejectedSettings();
}
