using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.Tests.Http;

public sealed class CursorTests
{
    [Fact]
    public void ToString_AnyId_ParsesBack()
    {
        for (var i = 0; i < 100; i++)
        {
            var cursor = Cursor.After(Guid.CreateVersion7());

            Assert.True(Cursor.TryParse(cursor.ToString(), out var parsed));
            Assert.Equal(cursor, parsed);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void TryParse_Empty_StartsAtBeginning(string? text)
    {
        Assert.True(Cursor.TryParse(text, out var cursor));
        Assert.Equal(Guid.Empty, cursor.AfterId);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("++++++++++++++++++++++")]
    [InlineData("                      ")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AZTVAAAAAAAAAAAAAAAAAAA")]
    [InlineData("äöüäöüäöüäöüäöüäöüäöüä")]
    public void TryParse_InvalidText_ReturnsFalse(string text) => Assert.False(Cursor.TryParse(text, out _));

    [Fact]
    public void Create_ItemsFitPage_IsLastPage()
    {
        var page = Page.Create([1, 2], 2, _ => default);

        Assert.Equal([1, 2], page.Items);
        Assert.Null(page.Next);
    }

    [Fact]
    public void Create_OneItemMore_ReturnsNextCursor()
    {
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];

        var page = Page.Create(ids, 2, Cursor.After);

        Assert.Equal(ids[..2], page.Items);
        Assert.Equal(Cursor.After(ids[1]).ToString(), page.Next);
    }

    [Theory]
    [InlineData(null, 100)]
    [InlineData(1, 1)]
    [InlineData(1000, 1000)]
    public void Parse_LimitInRange_IsAccepted(int? limit, int expected)
    {
        Assert.Empty(new PageQuery { Limit = limit }.Parse(out _, out var taken));
        Assert.Equal(expected, taken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Parse_LimitOutOfRange_ReturnsFieldError(int limit) =>
        Assert.Equal(
            [new FieldError("limit", "must be 1 to 1000"), new("cursor", "must be the 'next' of a previous page")],
            new PageQuery { Limit = limit, Cursor = "x" }.Parse(out _, out _)
        );
}
