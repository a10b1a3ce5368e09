<?php
// What somebody sees who has logged in.
require(__DIR__ . '/../../config.php');
isset($_SESSION['user']) || exit('nobody is logged in');
?>
<!DOCTYPE html>
<title><?= $_SESSION['user'] ?></title>
<a href="http://<?= "$_SERVER[SERVER_ADDR]:$_SERVER[SERVER_PORT]/login/logout.php?sesskey=$_SESSION[sesskey]" ?>">Log out</a>
