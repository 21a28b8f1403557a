package io.tidewatch.collector.oshi;

import org.osgi.service.component.annotations.Component;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.software.os.OperatingSystem;

/**
 * The machine as OSHI sees it. One for all collectors, since each of its parts takes a while to be made. OSHI answers a
 * question that comes again within 300 ms from memory.
 *
 * <p>Threads: safe for use by several, as are OSHI's parts.
 */
@Component(service = Machine.class)
public final class Machine {
    private final SystemInfo info = new SystemInfo();

    /** Processors, memory, network interfaces. */
    HardwareAbstractionLayer hardware() {
        return info.getHardware();
    }

    /** Load, uptime, file systems. */
    OperatingSystem system() {
        return info.getOperatingSystem();
    }
}
