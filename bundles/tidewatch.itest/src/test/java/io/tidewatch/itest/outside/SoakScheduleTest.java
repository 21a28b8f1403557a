package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.itest.outside.SoakSchedule.Event;
import io.tidewatch.itest.outside.SoakSchedule.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SoakScheduleTest {
    private static final int SEEDS = 200;

    @Test
    void isTheSameForTheSameSeed() {
        SoakPlan plan = SoakPlan.ofMinutes(30, 1000, 7);
        assertThat(SoakSchedule.of(plan)).isEqualTo(SoakSchedule.of(plan));
        assertThat(SoakSchedule.of(plan)).isNotEqualTo(SoakSchedule.of(SoakPlan.ofMinutes(30, 1000, 8)));
    }

    @Test
    void hasEverythingInThreeMinutes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SoakPlan plan = SoakPlan.shortOne(seed);
            List<Event> events = SoakSchedule.of(plan);
            assertThat(kinds(events))
                    .as("kinds with seed " + seed)
                    .isEqualTo(EnumSet.complementOf(EnumSet.of(Kind.AGENT_KILL)));
            assertThat(events)
                    .as("events with seed " + seed)
                    .allMatch(event -> event.at().compareTo(plan.duration().minus(plan.quietEnd())) < 0);
        }
    }

    @Test
    void killsTheAgentOnceInHalfAnHour() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Event> events = SoakSchedule.of(SoakPlan.ofMinutes(30, 1000, seed));
            assertThat(events.stream()
                            .filter(event -> event.kind() == Kind.AGENT_KILL)
                            .count())
                    .as("kills of the agent with seed " + seed)
                    .isEqualTo(1);
            assertThat(kinds(events)).as("kinds with seed " + seed).hasSize(Kind.values().length);
        }
    }

    private static Set<Kind> kinds(List<Event> events) {
        return events.stream().map(Event::kind).collect(Collectors.toSet());
    }
}
