package io.tidewatch.collector.cpufreq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.ParserContract;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CoresPropertyTest implements ParserContract {
    @Override
    public String validText() {
        return "0 1 2 3\n";
    }

    @Override
    public void parse(Fields fields) throws ProcFormatException {
        fields.nextLine();
        CorePolicies.cores(fields);
    }

    @Property
    void readsBackWhatTheKernelWrites(@ForAll List<@IntRange(max = 8191) Integer> cores) throws ProcFormatException {
        List<String> names = cores.stream().map(String::valueOf).toList();
        Fields fields = ParserContract.text(names.stream().collect(Collectors.joining(" ")) + "\n");
        fields.nextLine();

        assertThat(CorePolicies.cores(fields)).isEqualTo(names);
    }
}
