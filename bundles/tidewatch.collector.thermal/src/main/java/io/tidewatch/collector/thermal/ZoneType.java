package io.tidewatch.collector.thermal;

import java.util.List;
import java.util.Locale;

/**
 * What the {@code type} of a thermal zone says about where its sensor sits. There is no rule for these names; the drivers
 * choose them:
 *
 * <ul>
 *   <li>Rockchip: {@code soc-thermal}, {@code package-thermal} (mainline), {@code bigcore0-thermal},
 *       {@code littlecore-thermal}, {@code center-thermal}, {@code gpu-thermal}, {@code npu-thermal}
 *   <li>Raspberry Pi, Allwinner, Amlogic: {@code cpu-thermal}, {@code cpu_thermal}, {@code soc_thermal}
 *   <li>Jetson: {@code CPU-therm}, {@code GPU-therm}; Intel: {@code x86_pkg_temp}, {@code TCPU}
 * </ul>
 */
final class ZoneType {
    private static final List<String> PROCESSOR = List.of("cpu", "soc", "core", "package", "pkg", "center");
    private static final List<String> OTHER_UNIT = List.of("gpu", "npu", "vpu", "ddr");

    private ZoneType() {}

    /** Whether the sensor sits on the processor's cores or the chip that they are part of. */
    static boolean isProcessor(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return PROCESSOR.stream().anyMatch(lower::contains)
                && OTHER_UNIT.stream().noneMatch(lower::contains);
    }
}
