package io.tidewatch.collector.oshi;

import org.osgi.service.component.annotations.Component;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.software.os.OperatingSystem;
import oshi.util.GlobalConfig;

/**
 * The machine as OSHI sees it. One for all collectors, since each of its parts takes a while to be made. OSHI answers
 * a question that comes again within 300 ms from memory. Safe for use by several threads.
 */
@Component(service = Machine.class)
public final class Machine {
    // OSHI leaves out pseudo file systems by default; here the configuration decides.
    // Those
    // that are mounted by being looked at stay unseen. OSHI reads this once, when its classes are loaded.
    static {
        GlobalConfig.set("oshi.pseudo.filesystem.types", "autofs");
        GlobalConfig.set("oshi.os.linux.filesystem.path.excludes", "");
    }

    private final SystemInfo info = new SystemInfo();

    HardwareAbstractionLayer hardware() {
        return info.getHardware();
    }

    OperatingSystem system() {
        return info.getOperatingSystem();
    }
}
