package io.millrace.bench.faults;

import io.millrace.bench.faults.planted.DeathPoint;
import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.Launch;
import io.millrace.bench.faults.stage.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Death of the server at one of some points of an event's way. */
final class DeathFault implements Fault {
    private static final int DEATH_SECONDS = 20;

    private final List<DeathPoint> points;

    DeathFault(final List<DeathPoint> points) {
        this.points = List.copyOf(points);
    }

    @Override
    public boolean strike(final Stage stage) throws Exception {
        final DeathPoint point = points.get(stage.random().nextInt(points.size()));
        final Launch plain = stage.launch();
        final Path folder = Files.createTempDirectory(stage.folder(), "patched-");
        stage.server().kill();
        stage.server().launch(point.launch(plain, folder, 1 + stage.random().nextInt(point.often())));
        // It may die before it is up: recovery comes by some of the points too.
        stage.server().begin();
        final boolean died =
                Await.within(DEATH_SECONDS * 1000L, () -> !stage.server().isAlive());
        if (!died) {
            stage.server().kill();
        }
        stage.server().launch(plain);
        stage.server().start();
        stage.awaitServing();
        return died;
    }
}
