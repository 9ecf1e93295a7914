import java.sql.*;
import java.util.*;

/** Batches of MariaDB Connector/J: bulk, rewritten and one by one; fetch size; generated keys. */
public class Batches {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> env = System.getenv();
        String tls = env.get("MYNAH_TLS").equals("1") ? "trust" : "disable";
        for (String option : new String[] {"useBulkStmts=true", "useBulkStmts=false", "rewriteBatchedStatements=true", "useServerPrepStmts=true"}) {
            String url = "jdbc:mariadb://" + env.get("MYNAH_HOST") + ":" + env.get("MYNAH_PORT") + "/test?user=" + env.get("MYNAH_USER")
                + "&password=" + env.get("MYNAH_PASSWORD") + "&allowPublicKeyRetrieval=true&sslMode=" + tls + "&" + option;
            try (Connection connection = DriverManager.getConnection(url)) {
                batches(connection, option);
            }
        }
        System.out.println("ok close");
    }

    static void batches(Connection connection, String option) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists recorded_batch");
            statement.execute("create table recorded_batch (id int primary key auto_increment, name varchar(40), price decimal(8,2)) character set utf8mb4");
        }
        connection.setAutoCommit(false);
        String insert = "insert into recorded_batch (name, price) values (?, ?)";
        try (PreparedStatement batch = connection.prepareStatement(insert, Statement.RETURN_GENERATED_KEYS)) {
            for (int round = 0; round < 2; round++) {
                for (int number = 0; number < 10; number++) {
                    batch.setString(1, number == 3 ? null : "name ☃ " + number);
                    batch.setBigDecimal(2, new java.math.BigDecimal(number + ".25"));
                    batch.addBatch();
                }
                show(option, "inserted", Arrays.toString(batch.executeBatch()));
                List<Long> keys = new ArrayList<>();
                try (ResultSet made = batch.getGeneratedKeys()) {
                    while (made.next()) keys.add(made.getLong(1));
                }
                show(option, "keys", keys);
            }
        }
        connection.commit();
        try (PreparedStatement batch = connection.prepareStatement("update recorded_batch set price = price + ? where id = ?")) {
            for (int id : new int[] {1, 2, 99}) {
                batch.setInt(1, id);
                batch.setInt(2, id);
                batch.addBatch();
            }
            show(option, "updated", Arrays.toString(batch.executeBatch()));
        }
        connection.rollback();
        try (Statement batch = connection.createStatement()) {
            batch.addBatch("insert into recorded_batch (id) values (500)");
            batch.addBatch("update recorded_batch set name = 'n' where id > 15");
            batch.addBatch("delete from recorded_batch where id = 500");
            show(option, "texts", Arrays.toString(batch.executeBatch()));
        }
        connection.commit();
        try (PreparedStatement select = connection.prepareStatement("select id, name, price from recorded_batch where id > ? order by id")) {
            for (int size : new int[] {0, 1, 7}) {
                select.setFetchSize(size);
                select.setInt(1, 4);
                List<String> rows = new ArrayList<>();
                try (ResultSet found = select.executeQuery()) {
                    while (found.next()) rows.add(found.getInt(1) + " " + found.getString(2) + " " + found.getBigDecimal(3));
                }
                show(option, "fetched by " + size, rows);
            }
        }
        try (PreparedStatement batch = connection.prepareStatement("insert into recorded_batch (id) values (?)")) {
            for (int id : new int[] {700, 1, 701}) {
                batch.setInt(1, id);
                batch.addBatch();
            }
            batch.executeBatch();
            show(option, "error", "none");
        } catch (BatchUpdateException error) {
            show(option, "error", error.getErrorCode());
        }
        connection.rollback();
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop table recorded_batch");
        }
    }

    static void show(String option, String step, Object value) {
        System.out.println("ok " + option + " " + step + " " + value);
    }
}
