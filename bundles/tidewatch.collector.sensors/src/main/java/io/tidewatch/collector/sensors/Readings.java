package io.tidewatch.collector.sensors;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.collector.sensors.Chips.Chip;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the sensors of chips. One that its driver refuses to read (ENODATA, EINVAL, EAGAIN while a chip sleeps) is left
 * out of the pass, as is a reading that is not possible: inputs without a wire read so.
 */
final class Readings {
    /** The least of a register of 16 bits: what drivers give that do not know. */
    private static final long LEAST_16_BITS = Short.MIN_VALUE;

    /**
     * hwmon/ina2xx.rst, ina209.rst, ina238.rst: in0 is the voltage across the shunt resistor, in1 that of the bus. The three
     * shunts of ina3221 (ina3221.rst) are in4 to in6.
     */
    private static final Pattern INA2XX = Pattern.compile("ina(209|219|220|226|23[0-9])");

    private static final Map<String, String> OF_INA2XX = Map.of("in0", "shunt", "in1", "bus");
    private static final Map<String, String> OF_INA3221 = Map.of("in4", "shunt1", "in5", "shunt2", "in6", "shunt3");

    private final ProcBuffer buffer = new ProcBuffer();

    void addTo(List<Sample> samples, Chip chip, Diagnostics diagnostics) {
        Set<List<Object>> labels = new HashSet<>();
        for (Channel channel : chip.channels()) {
            String subject = chip.name() + " " + chip.device() + " " + channel.name();
            try {
                String label = label(chip, channel);
                if (!labels.add(List.of(channel.quantity(), label))) {
                    label = channel.name();
                }
                Fields fields = buffer.readLine(channel.file());
                double raw = channel.mayHaveFraction() ? decimal(fields) : signed(fields);
                double value = channel.value(raw);
                if (raw == LEAST_16_BITS || !channel.quantity().isPossible(value)) {
                    diagnostics.note(
                            subject,
                            String.valueOf(
                                    fields.rejected(channel.quantity().range()).getMessage()));
                } else if (channel.fault() != null
                        && buffer.readLine(channel.fault()).number() != 0) {
                    diagnostics.note(subject, subject + " is out of order, says its driver");
                } else {
                    samples.add(channel.quantity().metric.sample(value, chip.name(), chip.device(), label));
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(subject, e);
            } catch (IOException e) {
                diagnostics.note(subject, "no reading of " + subject);
            }
        }
    }

    /** @throws ProcFormatException if the text is not a number, or one that wrapped */
    static long signed(Fields fields) throws ProcFormatException {
        long number = fields.signedNumber();
        if (Math.abs(number) == Fields.OVERFLOW) {
            throw fields.rejected("a number below 2^63");
        }
        return number;
    }

    private static double decimal(Fields fields) throws ProcFormatException {
        int sign = fields.skipPrefix("-") ? -1 : 1;
        double number = fields.decimal();
        if (number >= Fields.OVERFLOW) {
            throw fields.rejected("a number below 2^63");
        }
        return sign * number;
    }

    private String label(Chip chip, Channel channel) throws IOException {
        if (channel.label() != null) {
            return buffer.readLine(channel.label()).name("a label");
        }
        Map<String, String> labels = chip.name().equals("ina3221") ? OF_INA3221 : Map.of();
        if (INA2XX.matcher(chip.name()).matches()) {
            labels = OF_INA2XX;
        }
        return labels.getOrDefault(channel.name(), channel.name());
    }
}
