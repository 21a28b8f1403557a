package io.tidewatch.itest.outside;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** What befalls an agent during a soak, and when: the same for the same seed. One event ends before the next begins. */
final class SoakSchedule {
    /** What can happen. */
    enum Kind {
        SERVER_KILL,
        LINK_REFUSED,
        LINK_BLACK_HOLE,
        LINK_RESET,
        LINK_SLOW,
        COLLECTOR_INTERVAL,
        CHUNK_SIZE,
        COMMIT_DELAY,
        BUNDLE_UPDATE,
        TOKEN_CHANGE,
        /** Only where the plan has agents killed. */
        AGENT_KILL
    }

    /**
     * One event.
     *
     * @param at since the begin of the soak
     * @param lasts how long a fault stays; the next event comes later than that also where what is done stays for good
     * @param choice which of several values it takes
     */
    record Event(Duration at, Kind kind, Duration lasts, int choice) {
        @Override
        public String toString() {
            return PASSING.contains(kind)
                    ? String.format(Locale.ROOT, "%s for %.1f s", kind, lasts.toMillis() / 1e3)
                    : kind.toString();
        }
    }

    private static final Set<Kind> PASSING = EnumSet.of(
            Kind.SERVER_KILL,
            Kind.LINK_REFUSED,
            Kind.LINK_BLACK_HOLE,
            Kind.LINK_RESET,
            Kind.LINK_SLOW,
            Kind.TOKEN_CHANGE);

    private SoakSchedule() {}

    /**
     * Events in the order of time. Every kind comes once before any comes again. Killing the agent is apart: once behind
     * the first tenth of each half hour, so that most of its life is in one piece, for its memory to be evaluated.
     */
    static List<Event> of(SoakPlan plan) {
        Random random = new Random(plan.seed());
        List<Event> events = new ArrayList<>();
        List<Kind> deck = new ArrayList<>();
        Duration at = plan.calm();
        Duration nextKill = SoakPlan.KILL_INTERVAL.dividedBy(10);
        Duration end = plan.duration().minus(plan.quietEnd());
        while (at.compareTo(end) < 0) {
            Kind kind;
            if (plan.complete() && at.compareTo(nextKill) >= 0) {
                kind = Kind.AGENT_KILL;
                nextKill = nextKill.plus(SoakPlan.KILL_INTERVAL);
            } else {
                if (deck.isEmpty()) {
                    deck.addAll(List.of(Kind.values()));
                    deck.remove(Kind.AGENT_KILL);
                    Collections.shuffle(deck, random);
                }
                kind = deck.remove(0);
            }
            Duration lasts = between(random, Duration.ofSeconds(2), plan.longestFault());
            events.add(new Event(at, kind, lasts, random.nextInt(1000)));
            at = at.plus(lasts).plus(between(random, plan.calm().dividedBy(2), plan.calm()));
        }
        return events;
    }

    private static Duration between(Random random, Duration least, Duration most) {
        return least.plusMillis(
                random.nextInt((int) Math.max(1, most.minus(least).toMillis())));
    }
}
