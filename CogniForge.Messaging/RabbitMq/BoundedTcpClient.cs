using System.Net.Sockets;
using RabbitMQ.Client;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>A socket to the broker whose read timeout also applies to asynchronous reads.</summary>
internal sealed class BoundedTcpClient(Socket socket, TimeSpan readTimeout) : TcpClientAdapter(socket)
{
    private readonly Socket _socket = socket;

    /// <summary>Configures a connection factory to use these sockets.</summary>
    public static void Use(ConnectionFactory factory, TimeSpan readTimeout) =>
        factory.SocketFactory = family => new BoundedTcpClient(
            new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
            readTimeout
        );

    public override NetworkStream GetStream() => new BoundedNetworkStream(_socket, readTimeout);
}
