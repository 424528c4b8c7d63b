"""Prints as JSON what openpyxl sees in a workbook: sheets, filters, frozen panes, colours, links, charts, cells."""

import datetime
import json
import sys

import openpyxl


def plain(value):
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def seen(sheet):
    rows = [[plain(cell.value) for cell in row] for row in sheet.iter_rows()]
    return {
        "filter": sheet.auto_filter.ref,
        "frozen": sheet.freeze_panes,
        "colours": [row[0].fill.start_color.rgb for row in sheet.iter_rows()],
        "links": {
            cell.coordinate: cell.hyperlink.target
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink
        },
        "charts": [type(chart).__name__ for chart in sheet._charts],
        "rows": rows,
    }


def main(path):
    book = openpyxl.load_workbook(path)
    json.dump(
        {
            "names": book.sheetnames,
            "created": book.properties.created.isoformat(),
            "title": book.properties.title,
            "formulas": sum(
                cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row
            ),
            "sheets": {sheet.title: seen(sheet) for sheet in book},
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(sys.argv[1])
