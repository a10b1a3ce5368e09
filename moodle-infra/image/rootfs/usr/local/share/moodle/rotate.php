<?php
// Gives Moodle the other user of its database, with a new password. Killed at any moment it leaves
// a site that works, and what it had begun is brought to its end by the next run:
//
//     database   the user who is not used gets the new password     nobody uses it yet
//     test       and gets in with it
//     secret     names that user from now on                        new tasks have it, old ones go on
//     roll       the services start anew                            nobody uses the old one any more
//
// It begins only when no task runs any more that was given what the secret said before: else a
// password would change that somebody uses.

require_once(__DIR__ . '/users.php');

/** How long a roll may take, in seconds: a task ends what it is at first, for up to half an hour. */
const PATIENCE = 3600;

/** How long is waited between two looks, in seconds; the secret is everywhere after that time. */
function pace(): int {
    return seconds('ROTATE_PACE', 10);
}

/** Calls AWS. What fails is tried again: nothing here does more when it is done twice. */
function aws(string $service, string $action, array $body): array {
    for ($attempt = 1;; $attempt++) {
        $ends = [['pipe', 'r'], ['pipe', 'w'], STDERR];
        $process = proc_open(['moodle-aws', $service, $action], $ends, $pipes);
        $process !== false || fail('moodle-aws did not start');
        fwrite($pipes[0], json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES));
        fclose($pipes[0]);
        $answer = stream_get_contents($pipes[1]);
        if (proc_close($process) === 0) {
            return json_decode($answer, true, 64, JSON_THROW_ON_ERROR);
        }
        $attempt < 3 || fail("$service $action failed");
        sleep($attempt);
    }
}

/** Who is used, and since when the secret says so. */
function used(string $secret): array {
    $answer = aws('secretsmanager', 'GetSecretValue', ['SecretId' => $secret]);
    $user = json_decode($answer['SecretString'] ?? '', true)['username'] ?? null;
    is_string($user) || fail('the secret names nobody: it is to be {"username", "password"}');
    return [$user, (float) $answer['CreatedDate']];
}

/** The tasks of a service that were given what the secret said before, those included that end. */
function stragglers(string $cluster, string $service, float $since): array {
    $found = [];
    foreach (['RUNNING', 'STOPPED'] as $desired) {
        $next = [];
        do {
            $asked = ['cluster' => $cluster, 'serviceName' => $service, 'desiredStatus' => $desired];
            $answer = aws('ecs', 'ListTasks', $asked + $next);
            // No more are listed at a time than can be described.
            if ($answer['taskArns'] !== []) {
                $described = ['cluster' => $cluster, 'tasks' => $answer['taskArns']];
                array_push($found, ...aws('ecs', 'DescribeTasks', $described)['tasks']);
            }
            $next = empty($answer['nextToken']) ? [] : ['nextToken' => $answer['nextToken']];
        } while ($next !== []);
    }
    // A clock may be behind; what is rolled is created later than that.
    $until = $since + pace() / 2;
    return array_filter(
        $found,
        fn (array $task) => $task['lastStatus'] !== 'STOPPED' && $task['createdAt'] < $until
    );
}

/** Starts anew what has old tasks, and waits until none is left. */
function roll(string $cluster, array $services, float $since): void {
    $begun = time();
    $has_old = fn (string $service) => stragglers($cluster, $service, $since) !== [];
    $left = array_filter($services, $has_old);
    foreach ($left as $service) {
        $asked = ['cluster' => $cluster, 'service' => $service, 'forceNewDeployment' => true];
        aws('ecs', 'UpdateService', $asked);
        say("$service starts anew");
    }
    while ($left !== []) {
        time() - $begun < seconds('ROTATE_PATIENCE', PATIENCE) || fail(
            'tasks that were given the old password still run: ' . implode(', ', $left)
            . '; it stays valid, and is not changed before they are gone'
        );
        sleep(pace());
        $left = array_filter($left, $has_old);
    }
}

$to = from_environment();
[$secret, $cluster] = [needed('DB_SECRET_ARN'), needed('ROLL_CLUSTER')];
$services = preg_split('/\s+/', needed('ROLL_SERVICES'), -1, PREG_SPLIT_NO_EMPTY);
$database = connect($to, needed('DB_MASTER_USER'), needed('DB_MASTER_PASSWORD'));
lock($database, USERS_LOCK, USERS_PATIENCE);

[$user, $since] = used($secret);
$other = other_than($user);
$old = array_filter($services, fn ($service) => stragglers($cluster, $service, $since) !== []);
if ($old !== []) {
    say("an earlier change to $user has not come to its end");
    $database->close();
    roll($cluster, $services, $since);
    say("$user is used by everybody; nothing else was changed");
    exit(0);
}

$password = made_up();
as_it_is_to_be($database, $other, $password, $to['name']);
check_login($to, $other, $password);
say("$other has a new password");
aws('secretsmanager', 'PutSecretValue', [
    'SecretId' => $secret,
    'ClientRequestToken' => bin2hex(random_bytes(16)),
    'SecretString' => json_encode(['username' => $other, 'password' => $password]),
]);
say("the secret names $other");
sleep(pace());
[$now, $since] = used($secret);
$now === $other || fail("the secret names $now: somebody else has changed it");
// What others do from here on finds old tasks, and lets the passwords be.
$database->close();
roll($cluster, $services, $since);
say("$other is used by everybody");
