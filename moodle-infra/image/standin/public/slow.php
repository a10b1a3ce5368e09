<?php
// A request that takes its time, without a session: it is under way when a task is told to end.
sleep((int) $_GET['seconds']);
echo 'finished';
