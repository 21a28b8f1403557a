package io.tidewatch.launcher;

import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.bundle.FindHook;

/**
 * Hides the bundles of the installation from FileInstall. It would take a jar in the deploy folder that bears the name
 * and version of a built-in for a newer copy of it, update the built-in with it, and uninstall the built-in with the
 * jar. Not seeing it, FileInstall installs the jar, and the framework refuses a second bundle of one name and version.
 */
final class BuiltInsHook implements FindHook {
    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";

    private final List<Bundle> builtIns;

    BuiltInsHook(List<Bundle> builtIns) {
        this.builtIns = List.copyOf(builtIns);
    }

    @Override
    public void find(BundleContext context, Collection<Bundle> bundles) {
        if (FILE_INSTALL.equals(context.getBundle().getSymbolicName())) {
            bundles.removeAll(builtIns);
        }
    }
}
