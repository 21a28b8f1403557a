package io.tidewatch.collector.cpufreq;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups of cores that share a frequency ({@code policy0} with cores 0 to 3, {@code policy4} with 4 and 5 …).
 *
 * <p>Source: kernel documentation, admin-guide/pm/cpufreq.rst: {@code scaling_cur_freq} and {@code cpuinfo_max_freq} in
 * kHz, {@code affected_cpus} as the numbers of the cores that are online. The maximum is that of the hardware: heat lowers
 * {@code scaling_max_freq}, and would hide what it does. Kernels before 4.3 have the same files in {@code cpu0/cpufreq} …
 */
final class CorePolicies {
    private static final Metric FREQUENCY =
            Metric.gauge("cpu.frequency_hertz", Unit.HERTZ, "Frequency that the core runs at", "core");
    private static final Metric MAXIMUM =
            Metric.gauge("cpu.frequency_max_hertz", Unit.HERTZ, "Highest frequency that the core can run at", "core");

    static final List<Metric> METRICS = List.of(FREQUENCY, MAXIMUM);

    /** Written by a driver that does not know the frequency. */
    private static final String UNKNOWN = "<unknown>";

    /** More cores than any kernel is built for (CONFIG_NR_CPUS_RANGE_END). */
    private static final int MOST_CORES = 8192;

    private final Path processors;
    private final ProcBuffer buffer = new ProcBuffer();

    /** @param processors folder of the processors, {@code /sys/devices/system/cpu} */
    CorePolicies(Path processors) {
        this.processors = processors;
    }

    void addTo(List<Sample> samples, Diagnostics diagnostics) throws IOException {
        List<NumberedFolder> policies = NumberedFolder.in(processors.resolve("cpufreq"), "policy");
        for (NumberedFolder policy : policies) {
            String name = "policy" + policy.number();
            try {
                List<String> cores = cores(buffer.readLine(policy.file("affected_cpus")));
                add(samples, policy.path(), name, cores, diagnostics);
            } catch (ProcFormatException e) {
                diagnostics.damaged(name, e);
            } catch (IOException e) {
                // The policy went, or no core of it is online: there is nothing to report a frequency of.
                diagnostics.note(name, "no cores of " + name);
            }
        }
        if (policies.isEmpty()) {
            for (NumberedFolder core : NumberedFolder.in(processors, "cpu")) {
                Path ofCore = core.file("cpufreq");
                if (Files.isDirectory(ofCore)) {
                    String number = Integer.toString(core.number());
                    add(samples, ofCore, "cpu" + number, List.of(number), diagnostics);
                }
            }
        }
    }

    static List<String> cores(Fields affected) throws ProcFormatException {
        List<String> cores = new ArrayList<>();
        while (affected.hasNext()) {
            long core = affected.number();
            if (core >= MOST_CORES) {
                throw affected.rejected("a core below " + MOST_CORES);
            }
            cores.add(Long.toString(core));
        }
        return cores;
    }

    static double hertz(Fields kilohertz) throws ProcFormatException {
        return kilohertz.number("kHz") * 1000.0;
    }

    private void add(List<Sample> samples, Path policy, String name, List<String> cores, Diagnostics diagnostics) {
        add(samples, FREQUENCY, policy.resolve("scaling_cur_freq"), name, cores, diagnostics);
        add(samples, MAXIMUM, policy.resolve("cpuinfo_max_freq"), name, cores, diagnostics);
    }

    private void add(
            List<Sample> samples, Metric metric, Path file, String name, List<String> cores, Diagnostics diagnostics) {
        String subject = name + "/" + file.getFileName();
        try {
            Fields fields = buffer.readLine(file);
            if (fields.startsWith(UNKNOWN)) {
                diagnostics.note(subject, "no reading of " + subject);
                return;
            }
            double hertz = hertz(fields);
            cores.forEach(core -> samples.add(metric.sample(hertz, core)));
        } catch (ProcFormatException e) {
            diagnostics.damaged(subject, e);
        } catch (IOException e) {
            // Some drivers refuse while cores are asleep.
            diagnostics.note(subject, "no reading of " + subject);
        }
    }
}
