package io.tidewatch.collector.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.Fields;
import io.tidewatch.testing.collector.ParserContract;
import io.tidewatch.testing.collector.RealMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;

class DebugLoadsTest implements ParserContract {
    private final List<Sample> samples = new ArrayList<>();
    private final Diagnostics diagnostics = new Diagnostics();

    @Override
    public String validText() {
        return "scheduler[0]: rga3\n\t load = 12%\nscheduler[1]: rga2\n\t load = 0%\n";
    }

    @Override
    public void parse(Fields fields) {
        DebugLoads.addRga(samples, fields, diagnostics);
    }

    @Example
    void anNpuOfOneCoreHasNoNumber() {
        npu("NPU load:  7%\n");

        assertThat(RealMachine.valuesOf(samples)).isEqualTo(Map.of("accelerator.load_percent[npu]", 7.0));
        assertThat(diagnostics.list()).isEmpty();
    }

    /** A number of three digits touches the colon. */
    @Example
    void readsTheCoresOfAnNpu() {
        npu("NPU load:  Core0:100%, Core1:  0%, Core2: 33%,\n");

        assertThat(RealMachine.valuesOf(samples))
                .isEqualTo(Map.of(
                        "accelerator.load_percent[npu0]", 100.0,
                        "accelerator.load_percent[npu1]", 0.0,
                        "accelerator.load_percent[npu2]", 33.0));
    }

    @Example
    void oneDamagedCoreCostsItself() {
        npu("NPU load:  Core0: x%, Core1: 101%, Core2: 33%,\n");

        assertThat(RealMachine.valuesOf(samples)).isEqualTo(Map.of("accelerator.load_percent[npu2]", 33.0));
        assertThat(diagnostics.list()).extracting(Diagnostic::subject).containsExactly("rknpu npu0", "rknpu npu1");
    }

    @Example
    void anotherTextIsNamed() {
        npu("Unable to read\n");

        assertThat(samples).isEmpty();
        assertThat(diagnostics.list()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .endsWith("expected 'NPU load:', found 'Unable to read'"));
    }

    @Example
    void enginesOfOneNameHaveTheirNumber() {
        parse(
                ParserContract.text(
                        "scheduler[0]: rga3\n\t load = 1%\nscheduler[1]: rga3\n\t load = 2%\nscheduler[2]: rga2\n\t load = 999%\n"));

        assertThat(RealMachine.valuesOf(samples))
                .isEqualTo(Map.of("accelerator.load_percent[rga3]", 1.0, "accelerator.load_percent[rga3_1]", 2.0));
        assertThat(diagnostics.list()).extracting(Diagnostic::subject).containsExactly("rkrga rga2");
    }

    private void npu(String text) {
        Fields fields = ParserContract.text(text);
        fields.nextLine();
        DebugLoads.addNpu(samples, fields, diagnostics);
    }
}
