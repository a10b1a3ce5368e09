<?php
// A value in the session: POST keeps one, GET tells it.
require(__DIR__ . '/common.php');

signed_in();
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $_SESSION['drill'] = sent();
}
tell(['session' => $_SESSION['drill'] ?? null]);
