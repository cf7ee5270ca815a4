using System.Net.Sockets;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Providers;

public class HttpProviderErrorsTests
{
    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.AddressNotAvailable)]
    public void Classify_LocalLimit_IsGatewayFault(SocketError error) =>
        AssertLocal(new(HttpRequestError.ConnectionError, "No.", new SocketException((int)error)));

    [Fact]
    public void Classify_FailureBeforeSending_IsGatewayFault() => AssertLocal(new("Not a valid request."));

    [Theory]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.HostUnreachable)]
    public void Classify_Unreachable_IsTargetFault(SocketError error)
    {
        var classified = HttpProviderErrors.Classify(
            new HttpRequestException(HttpRequestError.ConnectionError, "No.", new SocketException((int)error))
        );
        Assert.Equal((ErrorCategory.Network, null), (classified.Category, classified.IsTargetFault));
    }

    private static void AssertLocal(HttpRequestException exception)
    {
        var classified = HttpProviderErrors.Classify(exception);
        Assert.Equal((ErrorCategory.Internal, false), (classified.Category, classified.IsTargetFault));
    }
}
