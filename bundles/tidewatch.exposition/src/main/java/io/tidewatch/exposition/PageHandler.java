package io.tidewatch.exposition;

import java.io.IOException;

/** Takes what a page contains, in its order, on the thread that parses. */
public interface PageHandler {
    /**
     * @param line valid until this method returns
     * @throws MalformedException if {@link SampleLine#series} found an error; the line is then left out like any other
     * @throws IOException to stop parsing
     */
    void sample(SampleLine line) throws MalformedException, IOException;

    /**
     * Takes an error at a line from 1, in bytes from 1. The line, which begins so, was left out; the next one is
     * parsed.
     */
    void malformed(int line, int column, String message, String text);
}
