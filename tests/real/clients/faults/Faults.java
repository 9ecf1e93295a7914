import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Plays faults, which are its arguments, each on a connection of its own; prints what the driver shows of each. */
public class Faults {
  static String ask(Connection connection, String sql) throws SQLException {
    int rows = 0;
    try (Statement statement = connection.createStatement()) {
      // Else it takes braces for the syntax of JDBC.
      statement.setEscapeProcessing(false);
      ResultSet result = statement.executeQuery(sql);
      while (result.next()) rows++;
    }
    return rows + " rows";
  }

  static String shown(Throwable error) {
    return error.getClass().getSimpleName() + ": " + error.getMessage();
  }

  static String play(String fault) throws SQLException {
    String url = "jdbc:mariadb://127.0.0.1:" + System.getenv("MYSQL_TCP_PORT")
        + "/?user=app&sslMode=disable&socketTimeout=1000";
    Connection connection = DriverManager.getConnection(url);
    String seen;
    try {
      seen = ask(connection, fault);
      try {
        ask(connection, "the next statement");
      } catch (Throwable error) {
        seen += ", then " + shown(error);
      }
    } catch (Throwable error) {
      seen = shown(error);
    }
    try {
      connection.abort(Runnable::run);
    } catch (SQLException gone) {
      // It is closed already.
    }
    return seen;
  }

  public static void main(String[] faults) throws SQLException {
    for (String fault : faults) {
      System.out.println(fault + "\t" + play(fault).replaceAll("\\s+", " ").replaceAll("conn=\\d+", "conn=N"));
    }
    System.exit(0);
  }
}
