package io.tidewatch.collector.load;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;

/**
 * {@code /proc/loadavg}: {@code 0.52 0.58 0.59 2/345 6789}.
 *
 * <p>Source: proc_loadavg(5): number of threads that run or wait for a disk, averaged over 1, 5 and 15 minutes; threads
 * that are runnable now and all threads; the newest process id.
 *
 * @param oneMinute average over a minute
 * @param fiveMinutes average over five minutes
 * @param fifteenMinutes average over fifteen minutes
 * @param runnable threads that run or could run now
 * @param threads all threads
 */
record LoadAverage(double oneMinute, double fiveMinutes, double fifteenMinutes, long runnable, long threads) {
    /** @throws ProcFormatException if the text is not as documented */
    static LoadAverage read(Fields fields) throws ProcFormatException {
        fields.nextLine();
        return new LoadAverage(
                fields.decimal(), fields.decimal(), fields.decimal(), fields.numberBefore('/'), fields.number());
    }
}
