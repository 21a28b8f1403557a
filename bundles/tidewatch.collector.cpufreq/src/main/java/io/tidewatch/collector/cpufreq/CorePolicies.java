package io.tidewatch.collector.cpufreq;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups of cores that share a frequency ({@code policy0} with cores 0 to 3, {@code policy4} with 4 and 5 …).
 *
 * <p>Source: kernel documentation, admin-guide/pm/cpufreq.rst: {@code scaling_cur_freq} and {@code cpuinfo_max_freq} in
 * kHz, {@code affected_cpus} as the numbers of the cores that are online. The maximum is that of the hardware: heat lowers
 * {@code scaling_max_freq}, and would hide what it does.
 */
final class CorePolicies {
    private static final Metric FREQUENCY =
            Metric.gauge("cpu.frequency_hertz", Unit.HERTZ, "Frequency that the core runs at", "core");
    private static final Metric MAXIMUM =
            Metric.gauge("cpu.frequency_max_hertz", Unit.HERTZ, "Highest frequency that the core can run at", "core");

    /** Metrics of {@link #addTo}. */
    static final List<Metric> METRICS = List.of(FREQUENCY, MAXIMUM);

    private static final double KILO = 1000;

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();

    /** @param folder of the policies */
    CorePolicies(Path folder) {
        this.folder = folder;
    }

    /** Adds the frequencies as they are now. */
    void addTo(List<Sample> samples) throws IOException {
        for (NumberedFolder policy : NumberedFolder.in(folder, "policy")) {
            List<String> cores;
            try {
                cores = cores(buffer.readLine(policy.file("affected_cpus")));
            } catch (IOException e) {
                // The policy went, or no core of it is known: there is nobody to say a frequency of.
                continue;
            }
            add(samples, FREQUENCY, policy.file("scaling_cur_freq"), cores);
            add(samples, MAXIMUM, policy.file("cpuinfo_max_freq"), cores);
        }
    }

    /** @throws ProcFormatException if the text is not numbers parted by blanks */
    static List<String> cores(Fields affected) throws ProcFormatException {
        List<String> cores = new ArrayList<>();
        while (affected.hasNext()) {
            cores.add(Long.toString(affected.number()));
        }
        return cores;
    }

    /** @throws ProcFormatException if the text is not a number of kHz */
    static double hertz(Fields kilohertz) throws ProcFormatException {
        return kilohertz.number() * KILO;
    }

    private void add(List<Sample> samples, Metric metric, Path file, List<String> cores) {
        double hertz;
        try {
            hertz = hertz(buffer.readLine(file));
        } catch (IOException e) {
            // Some drivers do not know it ("<unknown>"), and refuse while cores are asleep.
            return;
        }
        for (String core : cores) {
            samples.add(metric.sample(hertz, core));
        }
    }
}
