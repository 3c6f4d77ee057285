import com.ibm.mq.MQEnvironment;
import com.ibm.mq.MQException;
import com.ibm.mq.MQQueueManager;

/** Connects as a program does: queue manager, host, port, channel. Ends with 4 where that fails. */
public class Connect {
    public static void main(String[] words) {
        MQEnvironment.hostname = words[1];
        MQEnvironment.port = Integer.parseInt(words[2]);
        MQEnvironment.channel = words[3];
        try {
            new MQQueueManager(words[0]).disconnect();
            System.out.println("connected");
        } catch (MQException failed) {
            System.out.println("reason " + failed.reasonCode);
            System.exit(4);
        }
    }
}
