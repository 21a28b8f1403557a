package io.tidewatch.api.device;

import java.util.SortedMap;
import org.osgi.annotation.versioning.ProviderType;

/** Who this device is. A service whose values do not change: a changed configuration registers a new one. */
@ProviderType
public interface Device {
    /** The id that every series carries as {@code device_id}; never empty. */
    String id();

    /** Labels that every series carries besides, sorted by name; may be empty. */
    SortedMap<String, String> labels();
}
