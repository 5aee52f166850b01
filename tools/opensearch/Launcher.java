import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * An OpenSearch node from its jars alone. OpenSearch's own main class loads plugins from folders
 * and sets up a security manager, neither of which a trial on one machine has; a node takes plugin
 * classes only through a constructor that is protected.
 */
public final class Launcher extends Node {
    private Launcher(Environment environment) {
        super(environment, List.of(Netty4Plugin.class), true);
    }

    /** Arguments are settings: {@code http.port=9200}. Runs until it is told to end. */
    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Node node = new Launcher(
            InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), null, () -> "node"));
        node.start();
        new CountDownLatch(1).await();
    }
}
