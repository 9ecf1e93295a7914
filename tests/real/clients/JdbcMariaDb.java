import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Objects;

/** MariaDB Connector/J: versions 2.7 and 3.5. */
public class JdbcMariaDb {
  static final String PREPARED = "select cast(? as signed) as number, cast(? as char) as text, "
      + "cast(? as char) as maybe, cast(? as date) as day, cast(? as binary) as bytes";

  record Row(long number, String text, String maybe, String day, byte[] bytes) {}

  static void ok(String step) {
    System.out.println("ok " + step);
  }

  static void expect(String step, Object found, Object wanted) throws Exception {
    if (!Objects.deepEquals(found, wanted)) throw new Exception(step + ": " + found + " instead of " + wanted);
  }

  static String variable(String name) {
    return System.getenv("MYNAH_" + name);
  }

  /** Looks at the table and the view that are there, as tools do. */
  static void browse(Connection connection) throws Exception {
    var data = connection.getMetaData();
    expect("browse", values(data.getCatalogs(), "TABLE_CAT"), "information_schema test ");
    expect("browse", values(data.getTables("test", null, "%", null), "TABLE_NAME"), "people heavy ");
    expect("browse", values(data.getTables("test", null, "%", new String[] {"VIEW"}), "TABLE_NAME"), "heavy ");
    expect("browse", values(data.getColumns("test", null, "people", "%"), "COLUMN_NAME"), "id name weight photo ");
    expect("browse", values(data.getColumns("test", null, "people", "%"), "TYPE_NAME"), "BIGINT VARCHAR DOUBLE BLOB ");
    expect("browse", values(data.getPrimaryKeys("test", null, "people"), "COLUMN_NAME"), "id ");
    try (PreparedStatement statement = connection.prepareStatement("select name from people where id = ?")) {
      statement.setInt(1, 2);
      expect("browse", values(statement.executeQuery(), "name"), "bert ");
    }
    ok("browse");
  }

  static String values(ResultSet result, String column) throws Exception {
    StringBuilder values = new StringBuilder();
    while (result.next()) values.append(result.getString(column)).append(' ');
    return values.toString();
  }

  static void steps() throws Exception {
    String tls = variable("TLS").equals("1") ? "useSsl=true&sslMode=trust&trustServerCertificate=true" : "useSsl=false&sslMode=disable";
    String url = "jdbc:mariadb://" + variable("HOST") + ":" + variable("PORT") + "/test?" + tls
        + "&allowPublicKeyRetrieval=true&useServerPrepStmts=true";
    Connection connection = DriverManager.getConnection(url, variable("USER"), variable("PASSWORD"));
    ok("connect");
    try (Statement statement = connection.createStatement()) {
      ResultSet result = statement.executeQuery("select 1");
      expect("select", result.next() ? result.getInt(1) : null, 1);
      ok("select");
      try {
        statement.executeQuery("select * from test.mynah_missing");
        throw new Exception("error: there was none");
      } catch (SQLException error) {
        expect("error", error.getErrorCode() + " " + error.getSQLState(), "1146 42S02");
      }
      ok("error");
      result = statement.executeQuery("select repeat('x', 1048576) as large");
      result.next();
      expect("large", result.getString(1).equals("x".repeat(1048576)), true);
      ok("large");
    }
    byte[] all = new byte[256];
    for (int at = 0; at < 256; at++) all[at] = (byte) at;
    Row[] rows = {
      new Row(42, "caf\u00e9 \u2603", null, "2024-02-29", new byte[] {0, 1, 0x27, 0x5c, (byte) 0xfe, (byte) 0xff}),
      new Row(-7, "it's \"quoted\" \\ done", "now", "1999-12-31", all),
    };
    boolean longDays = connection.getMetaData().getDriverVersion().startsWith("2.")
        && connection.getMetaData().getDatabaseProductVersion().startsWith("9.7");
    try (PreparedStatement statement = connection.prepareStatement(PREPARED)) {
      for (Row row : rows) {
        statement.setLong(1, row.number);
        statement.setString(2, row.text);
        if (row.maybe == null) statement.setNull(3, Types.VARCHAR); else statement.setString(3, row.maybe);
        // MySQL 9.7 refuses the seven bytes that version 2.7 sends for a day.
        if (longDays) statement.setString(4, row.day); else statement.setDate(4, Date.valueOf(row.day));
        statement.setBytes(5, row.bytes);
        ResultSet result = statement.executeQuery();
        expect("prepared", result.next(), true);
        expect("prepared", result.getLong(1), row.number);
        expect("prepared", result.getString(2), row.text);
        expect("prepared", result.getString(3), row.maybe);
        expect("prepared", result.getDate(4).toString(), row.day);
        expect("prepared", result.getBytes(5), row.bytes);
        expect("prepared", result.next(), false);
      }
    }
    try (PreparedStatement statement = connection.prepareStatement("select 1")) {
      for (int time = 0; time < 2; time++) {
        ResultSet result = statement.executeQuery();
        expect("prepared", result.next(), true);
        expect("prepared", result.getLong(1), 1L);
      }
    }
    ok("prepared");
    if ("1".equals(variable("BROWSE"))) browse(connection);
    connection.close();
    ok("close");
  }

  public static void main(String[] arguments) {
    try {
      steps();
    } catch (Throwable error) {
      System.err.println((error.getClass().getSimpleName() + ": " + error.getMessage()).replaceAll("\\s+", " "));
      System.exit(1);
    }
    System.exit(0);
  }
}
