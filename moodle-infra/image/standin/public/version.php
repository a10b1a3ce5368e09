<?php
// As Moodle's: what is installed, and what an upgrade is told by.
$version = 2025100600.00;
$release = '5.1 (Build: stand-in)';
