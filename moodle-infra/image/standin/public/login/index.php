<?php
// As Moodle's: a form with a token of the session, and whoever is known gets a new session and comes
// to a page that has a way out.
require(__DIR__ . '/../../config.php');

$why = '';
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $user = core_user::get_user_by_username($_POST['username'] ?? '');
    $token = hash_equals($_SESSION['logintoken'] ?? '', $_POST['logintoken'] ?? '');
    if ($token && $user && password_verify($_POST['password'] ?? '', $user->password)) {
        session_regenerate_id(true);
        $_SESSION['user'] = $user->username;
        $_SESSION['sesskey'] = bin2hex(random_bytes(5));
        // Who is told that they are logged in, is.
        session_write_close() || throw new RuntimeException('the session was not kept');
        header('Location: /login/home.php', true, 303);
        exit;
    }
    $why = '<div id="loginerrormessage">Invalid login, please try again</div>';
}
$_SESSION['logintoken'] = bin2hex(random_bytes(16));
?>
<!DOCTYPE html>
<title>Log in</title>
<?= $why ?>
<form method="post">
<input type="hidden" name="logintoken" value="<?= $_SESSION['logintoken'] ?>">
<input name="username"><input name="password" type="password"><button>Log in</button>
</form>
