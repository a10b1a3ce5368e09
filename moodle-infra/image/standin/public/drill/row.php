<?php
// A row of the database: added in a transaction, and told with its id.
require(__DIR__ . '/common.php');

$user = signed_in();
$content = sent();
$DB->begin_transaction();
$DB->execute_query('INSERT INTO mdl_drill_rows (userid, content) VALUES (?, ?)', [$user->id, $content]);
$id = $DB->insert_id;
$DB->execute_query('UPDATE mdl_user SET drillrows = drillrows + 1 WHERE id = ?', [$user->id]);
$DB->commit();
tell(['id' => $id, 'digest' => digest($content)]);
