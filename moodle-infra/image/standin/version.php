<?php
// As Moodle's and each plugin's: which version this is.
$version = 1;
