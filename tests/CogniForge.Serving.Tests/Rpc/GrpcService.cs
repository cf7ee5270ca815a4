using System.Net;
using System.Net.Sockets;
using CogniForge.Serving.Rpc.Messages;
using Grpc.Core;
using Grpc.Net.Client;

namespace CogniForge.Serving.Tests.Rpc;

/// <summary>Model serving with gRPC on a port of its own.</summary>
public sealed class GrpcService : ServingService
{
    private readonly GrpcChannel _channel;

    public GrpcService()
        : this(FindFreePort()) { }

    private GrpcService(int port, params (string Name, string Value)[] settings)
        : base(
            TimeProvider.System,
            [
                ("urls", $"http://127.0.0.1:0;http://127.0.0.1:{port}"),
                ("Inference:GrpcPort", $"{port}"),
                .. settings,
            ]
        )
    {
        Target = new($"http://127.0.0.1:{port}");
        _channel = GrpcChannel.ForAddress(Target);
        Rpc = new(_channel);
    }

    /// <summary>The address of gRPC.</summary>
    public Uri Target { get; }

    /// <summary>A service that finds the LLM gateway at an address.</summary>
    internal static GrpcService WithGateway(string address) =>
        new(FindFreePort(), ("services:llm:http:0", address));

    internal static GrpcService With(params (string Name, string Value)[] settings) => new(FindFreePort(), settings);

    internal GRPCInferenceService.GRPCInferenceServiceClient Rpc { get; }

    internal static Metadata Key(string key) => new() { { "authorization", $"Bearer {key}" } };

    protected override void Dispose(bool disposing)
    {
        _channel?.Dispose();
        base.Dispose(disposing);
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
