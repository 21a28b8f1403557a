package io.tidewatch.command.agent;

import io.tidewatch.config.WrittenFile;
import java.io.IOException;
import java.util.Map;

/** The values of the .cfg files, read as the agent reads them. Whether it can use them is validated elsewhere. */
public final class CfgValues {
    private CfgValues() {}

    /**
     * The values for a PID, by key; none if it has no file.
     *
     * @throws IOException if the file cannot be read
     */
    public static Map<String, String> read(Folders folders, String pid) throws IOException {
        Map<String, String> properties = folders.properties();
        return WrittenFile.values(folders.config(), pid, properties::get);
    }
}
