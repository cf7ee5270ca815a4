using System.Net.Sockets;
using RabbitMQ.Client;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>The socket of a connection to the broker, with time-outs that hold for asynchronous reads too.</summary>
internal sealed class BoundedTcpClient(Socket socket, TimeSpan readTimeout) : TcpClientAdapter(socket)
{
    private readonly Socket _socket = socket;

    /// <summary>Has a factory make its connections with such sockets.</summary>
    public static void Use(ConnectionFactory factory, TimeSpan readTimeout) =>
        factory.SocketFactory = family => new BoundedTcpClient(
            new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
            readTimeout
        );

    public override NetworkStream GetStream() => new BoundedNetworkStream(_socket, readTimeout);
}
