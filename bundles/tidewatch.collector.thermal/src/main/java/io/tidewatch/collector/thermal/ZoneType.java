package io.tidewatch.collector.thermal;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the {@code type} of a thermal zone says about where its sensor sits. There is no rule for these names; the drivers
 * and device trees choose them. Only whole names that are known count: {@code soc_battery} and {@code cpu-vrm} are no
 * processors.
 */
enum ZoneType {
    /** On the cores of the processor, or the chip that they are part of. */
    PROCESSOR,
    /** The firmware's, somewhere on the board: stands in where nothing better is known. */
    FIRMWARE,
    OTHER;

    private static final Pattern KNOWN_PROCESSOR = Pattern.compile(String.join(
            "|",
            // Device trees of Raspberry Pi, Allwinner, Amlogic, NXP, Samsung, StarFive, ST, TI; cpu0-thermal,
            // cpu_thermal_zone
            "cpu|cpu[-_]?[0-9]*[-_]thermal([-_]zone)?|soc[0-9]*[-_]thermal|main[0-9]+-thermal|core_thermal",
            // Rockchip, vendor and mainline
            "package[-_]thermal|(big|little)core[0-9]*[-_]thermal|center[-_]thermal",
            // Allwinner and MediaTek by cluster
            "cpu[lb]_thermal_zone|cpu-(big|little)[0-9]*-thermal|mtktscpu",
            // Qualcomm
            "cpu(-[0-9]+){1,3}(-(top|bottom))?-thermal|cpuss-?[0-9]*-thermal|cluster[0-9]+-thermal|tsens_tz_sensor[0-9]+",
            // NVIDIA Jetson
            "[mb]?cpu-therm|tj-therm(al)?",
            // Drivers that name their one zone themselves
            "imx_thermal_zone|bcm2835_thermal|brcmstb_thermal|sun4i_ts|exynos-therm(al)?",
            // Marvell
            "armada_thermal|kirkwood_thermal|dove_thermal|ap-(ic|cpu[0-9]+)-thermal|ap-thermal-(ic|cpu[0-9]+)",
            // Intel
            "x86_pkg_temp|tcpu|b0d4|soc_dts[01]"));

    static ZoneType of(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        if (KNOWN_PROCESSOR.matcher(lower).matches()) {
            return PROCESSOR;
        }
        return lower.equals("acpitz") ? FIRMWARE : OTHER;
    }
}
